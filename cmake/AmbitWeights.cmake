# What users' builds make of weight files. Part of the source tree and of the installed package.
#
# ambit_add_manifest(TARGET FILE [NAME name] [HEADER header.hpp] [FORMAT format] [IGNORE pattern...])
#
# Lets TARGET, which links ambit::ambit and is of this folder, include a header with the table of a weight file:
# digits_manifest.hpp and in it `digits_manifest` for digits.safetensors, unless HEADER and NAME say otherwise. Made anew
# when the file changes, so that static_assert(ambit::matches<model, digits_manifest>) is checked again. FORMAT and IGNORE
# are options of `ambit manifest`.
#
# ambit_embed_weights(TARGET FILE MODEL model.hpp BUILDER builder [NAME name] [HEADER header.hpp] [FORMAT format]
#                     [IGNORE pattern...] [RENAME tensor=variable...] [TRANSPOSE tensor=variable...] [PREFIX file=model...]
#                     [CONVERT] [ASSEMBLY])
#
# Lets TARGET include a header with the weights themselves, in the layout that BUILDER, a constant of MODEL, has in TARGET:
# digits_weights.hpp and in it `digits_weights` for digits.safetensors, so that
# ambit::compiled<builder, ambit::in_rom<digits_weights>> reads them in place. Made anew when the file, the model or
# TARGET's flags change. MODEL must not include that header. A file that does not fit the model stops the build. With
# ASSEMBLY the weights are assembly, for more than some megabytes; the project has ASM among its languages then. The others
# are options of `ambit embed`.
#
# How the weights lie depends on the flags of the target, so a file of MODEL alone is compiled with them, and `ambit embed`
# reads the layout from its object; nothing of the target runs.
#
# Headers are written by the tool `ambit`, which is built for the host from the sources of this package; it needs
# nlohmann/json, protozero for checkpoints and zlib for compressed archives. AMBIT_TOOL may name one that is there already;
# where the project is cross-compiled, AMBIT_HOST_CXX is the host's compiler and AMBIT_HOST_CXXFLAGS its flags.
include_guard(GLOBAL)

function(ambit_add_manifest target file)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "NAME;HEADER;FORMAT" "IGNORE")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "ambit_add_manifest: cannot use \"${arg_UNPARSED_ARGUMENTS}${arg_KEYWORDS_MISSING_VALUES}\"")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "ambit_add_manifest: there is no target \"${target}\"")
  endif()
  ambit_weight_files(files file)

  if(NOT arg_HEADER)
    cmake_path(GET file STEM LAST_ONLY stem)
    set(arg_HEADER "${stem}_manifest.hpp")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/ambit_manifests/${target}")
  set(header "${folder}/${arg_HEADER}")
  cmake_path(GET header PARENT_PATH parent)
  file(MAKE_DIRECTORY "${parent}")

  ambit_tool_options(options NAME FORMAT IGNORE)
  ambit_find_tool(tool tool_target)
  add_custom_command(
    OUTPUT "${header}"
    COMMAND "${tool}" manifest "${file}" -o "${header}" ${options}
    DEPENDS ${files} ${tool_target}
    COMMENT "Reading the table of ${file}"
    VERBATIM)
  target_sources(${target} PRIVATE "${header}")
  target_include_directories(${target} PRIVATE "${folder}")
endfunction()

function(ambit_embed_weights target file)
  set(lists IGNORE RENAME TRANSPOSE PREFIX)
  cmake_parse_arguments(PARSE_ARGV 2 arg "CONVERT;ASSEMBLY" "MODEL;BUILDER;NAME;HEADER;FORMAT" "${lists}")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "ambit_embed_weights: cannot use \"${arg_UNPARSED_ARGUMENTS}${arg_KEYWORDS_MISSING_VALUES}\"")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "ambit_embed_weights: there is no target \"${target}\"")
  endif()
  if(NOT arg_MODEL OR NOT arg_BUILDER)
    message(FATAL_ERROR "ambit_embed_weights: expected MODEL, a header, and BUILDER, a constant in it: how weights lie "
                        "depends on the model that reads them")
  endif()
  if(arg_ASSEMBLY AND NOT CMAKE_ASM_COMPILER)
    message(FATAL_ERROR "ambit_embed_weights: ASSEMBLY needs the language: project(... LANGUAGES CXX ASM)")
  endif()
  ambit_weight_files(files file)
  cmake_path(ABSOLUTE_PATH arg_MODEL BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)

  cmake_path(GET file STEM LAST_ONLY stem)
  if(NOT arg_HEADER)
    set(arg_HEADER "${stem}_weights.hpp")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/ambit_weights/${target}")
  set(outputs "${folder}/${arg_HEADER}")
  cmake_path(GET outputs PARENT_PATH parent)
  file(MAKE_DIRECTORY "${parent}")
  set(output "${outputs}")
  if(arg_ASSEMBLY)
    cmake_path(REPLACE_EXTENSION output LAST_ONLY .S)
    list(PREPEND outputs "${output}")
  endif()

  # The target's flags, without what would leave no data in the object.
  string(MAKE_C_IDENTIFIER "${target}_${arg_HEADER}_layout" layout)
  file(CONFIGURE OUTPUT "${folder}/${layout}.cpp" CONTENT [[
#include <ambit/compiled/weight_layout.hpp>

#include "@arg_MODEL@"
extern "C" {
extern constexpr auto ambit_weight_layout = ambit::weight_layout<@arg_BUILDER@>;
}
]] @ONLY)
  add_library(${layout} OBJECT EXCLUDE_FROM_ALL "${folder}/${layout}.cpp")
  set_target_properties(${layout} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF UNITY_BUILD OFF)
  foreach(property COMPILE_OPTIONS COMPILE_DEFINITIONS INCLUDE_DIRECTORIES)
    set_property(TARGET ${layout} PROPERTY ${property} "$<TARGET_PROPERTY:${target},${property}>")
  endforeach()
  target_link_libraries(${layout} PRIVATE ambit::ambit)
  target_compile_options(${layout} PRIVATE $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-fno-lto>)

  ambit_tool_options(options NAME FORMAT ${lists})
  if(arg_CONVERT)
    list(APPEND options --convert)
  endif()
  ambit_find_tool(tool tool_target)
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND "${tool}" embed "${file}" --layout "$<TARGET_OBJECTS:${layout}>" -o "${output}" ${options}
    DEPENDS ${files} ${tool_target} ${layout} "$<TARGET_OBJECTS:${layout}>"
    COMMENT "Laying out the weights of ${file}"
    VERBATIM)
  target_sources(${target} PRIVATE ${outputs})
  target_include_directories(${target} PRIVATE "${folder}")
endfunction()

# The file as an absolute path, and what it is made of: a checkpoint is a prefix of several files.
macro(ambit_weight_files files_variable file_variable)
  cmake_path(ABSOLUTE_PATH ${file_variable} BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  set(${files_variable} "${${file_variable}}")
  if(NOT EXISTS "${${file_variable}}" AND EXISTS "${${file_variable}}.index")
    file(GLOB ${files_variable} CONFIGURE_DEPENDS "${${file_variable}}.index" "${${file_variable}}.data-*")
  endif()
endmacro()

# The parsed arguments of these keywords as options of the tool.
macro(ambit_tool_options variable)
  set(${variable})
  foreach(keyword ${ARGN})
    string(TOLOWER "--${keyword}" option)
    foreach(value IN LISTS arg_${keyword})
      list(APPEND ${variable} "${option}" "${value}")
    endforeach()
  endforeach()
endmacro()

# ambit_find_tool(COMMAND DEPENDENCY): sets the variables of these names; makes the target of the tool where there is none.
function(ambit_find_tool command_variable dependency_variable)
  set(AMBIT_TOOL "" CACHE FILEPATH "The tool `ambit`, to run on this machine; empty: it is built")
  mark_as_advanced(AMBIT_TOOL)
  if(AMBIT_TOOL)
    set(command "${AMBIT_TOOL}")
    set(dependency "${AMBIT_TOOL}")
  else()
    set(sources "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/tool") # installed
    if(NOT EXISTS "${sources}/main.cpp")
      set(sources "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../tools/ambit")
    endif()
    if(CMAKE_CROSSCOMPILING)
      set(command "${CMAKE_BINARY_DIR}/ambit_host_tool/ambit${CMAKE_HOST_EXECUTABLE_SUFFIX}")
      set(dependency ambit_host_tool)
      if(NOT TARGET ambit_host_tool)
        ambit_add_host_tool("${command}" "${sources}")
      endif()
    else()
      set(command ambit_tool)
      set(dependency ambit_tool)
      if(NOT TARGET ambit_tool)
        ambit_require_json()
        add_executable(ambit_tool EXCLUDE_FROM_ALL "${sources}/main.cpp")
        set_target_properties(ambit_tool PROPERTIES OUTPUT_NAME ambit RUNTIME_OUTPUT_DIRECTORY
                                                                      "${CMAKE_BINARY_DIR}/ambit_host_tool")
        target_link_libraries(ambit_tool PRIVATE ambit::ambit)
        ambit_link_zlib(ambit_tool)
        if(TARGET nlohmann_json::nlohmann_json)
          target_link_libraries(ambit_tool PRIVATE nlohmann_json::nlohmann_json)
        else()
          target_include_directories(ambit_tool SYSTEM PRIVATE "${AMBIT_JSON_INCLUDE}")
        endif()
        # The project's flags are those of its models, which do without.
        target_compile_options(ambit_tool PRIVATE $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-fexceptions>
                                                  $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-frtti>)
      endif()
    endif()
  endif()
  set(${command_variable} "${command}" PARENT_SCOPE)
  set(${dependency_variable} "${dependency}" PARENT_SCOPE)
endfunction()

# Optional: what numpy.savez_compressed writes.
function(ambit_link_zlib target)
  find_package(ZLIB QUIET)
  if(ZLIB_FOUND)
    target_link_libraries(${target} PRIVATE ZLIB::ZLIB)
    target_compile_definitions(${target} PRIVATE AMBIT_TOOL_ZLIB)
  endif()
endfunction()

function(ambit_require_json)
  if(NOT TARGET nlohmann_json::nlohmann_json)
    find_path(AMBIT_JSON_INCLUDE nlohmann/json.hpp DOC "The folder that holds nlohmann/json.hpp" NO_CMAKE_FIND_ROOT_PATH)
    mark_as_advanced(AMBIT_JSON_INCLUDE)
    if(NOT AMBIT_JSON_INCLUDE)
      message(FATAL_ERROR "the tool `ambit` needs nlohmann/json; install nlohmann-json3-dev (Debian, Ubuntu), or set "
                          "AMBIT_JSON_INCLUDE to the folder that holds nlohmann/json.hpp")
    endif()
  endif()
endfunction()

# CMake knows one C++ compiler a project, which is the target's here. The tool needs no Eigen and no Boost.
function(ambit_add_host_tool program sources)
  find_program(AMBIT_HOST_CXX NAMES c++ g++ clang++ DOC "A C++20 compiler for this machine" NO_CMAKE_FIND_ROOT_PATH)
  set(AMBIT_HOST_CXXFLAGS "" CACHE STRING "Flags of AMBIT_HOST_CXX")
  mark_as_advanced(AMBIT_HOST_CXX AMBIT_HOST_CXXFLAGS)
  if(NOT AMBIT_HOST_CXX)
    message(FATAL_ERROR "the tool `ambit` needs a C++20 compiler for this machine; set AMBIT_HOST_CXX, or AMBIT_TOOL")
  endif()
  separate_arguments(flags NATIVE_COMMAND "${AMBIT_HOST_CXXFLAGS}")
  cmake_path(GET program PARENT_PATH folder)
  file(MAKE_DIRECTORY "${folder}")
  set(includes "$<TARGET_PROPERTY:ambit::ambit,INTERFACE_INCLUDE_DIRECTORIES>")
  add_custom_command(
    OUTPUT "${program}"
    COMMAND "${AMBIT_HOST_CXX}" -std=c++20 -O1 "$<$<BOOL:${includes}>:-I$<JOIN:${includes},;-I>>" ${flags}
            "${sources}/main.cpp" -o "${program}"
    DEPENDS "${sources}/main.cpp"
    COMMENT "Building the tool ambit for the host"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(ambit_host_tool DEPENDS "${program}")
endfunction()
