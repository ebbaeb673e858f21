# How this project builds its own programs: tests, examples, benchmarks and tools. Nothing here reaches users.
include_guard()

option(AMBIT_WERROR "Warnings are errors in the project's own programs" ON)
set(AMBIT_SANITIZE "" CACHE STRING "Sanitizers for the project's own programs, e.g. address,undefined")

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF) # there are none; clang without clang-scan-deps could not build

add_library(ambit_own INTERFACE)
target_link_libraries(ambit_own INTERFACE ambit::ambit)
target_compile_options(ambit_own INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
                                           $<$<BOOL:${AMBIT_WERROR}>:-Werror>)
if(AMBIT_SANITIZE)
  set(ambit_sanitize -fsanitize=${AMBIT_SANITIZE} -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # With these, g++ holds comparing the address of an object with null to be no constant expression.
    list(APPEND ambit_sanitize -fno-sanitize=null,nonnull-attribute,returns-nonnull-attribute)
  endif()
  target_compile_options(ambit_own INTERFACE ${ambit_sanitize} -fno-omit-frame-pointer)
  target_link_options(ambit_own INTERFACE ${ambit_sanitize})
endif()

# ambit_add_programs([OUT variable])
#
# Makes programs of all that lies in the current source folder, so that adding one is adding a file:
#   name.cpp                      program `name`
#   name/ with CMakeLists.txt     whatever that says
#   name/ with main.cpp or name.cpp   one program `name` of all the .cpp files in it
#   name/ with other .cpp files   a program each
# Each sees its own folder as the macro AMBIT_PROGRAM_DIR. `OUT` receives the names.
function(ambit_add_programs)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT" "")
  set(programs)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  foreach(source IN LISTS sources)
    cmake_path(GET source STEM LAST_ONLY name)
    ambit_add_program(${name} ${source})
    list(APPEND programs ${name})
  endforeach()

  file(GLOB entries CONFIGURE_DEPENDS LIST_DIRECTORIES true "${CMAKE_CURRENT_SOURCE_DIR}/*")
  foreach(entry IN LISTS entries)
    if(NOT IS_DIRECTORY "${entry}")
      continue()
    endif()
    cmake_path(GET entry FILENAME name)
    file(GLOB sources CONFIGURE_DEPENDS "${entry}/*.cpp")
    if(EXISTS "${entry}/CMakeLists.txt")
      add_subdirectory("${entry}")
    elseif(EXISTS "${entry}/main.cpp" OR EXISTS "${entry}/${name}.cpp")
      ambit_add_program(${name} ${sources})
      list(APPEND programs ${name})
    else()
      foreach(source IN LISTS sources)
        cmake_path(GET source STEM LAST_ONLY name)
        ambit_add_program(${name} ${source})
        list(APPEND programs ${name})
      endforeach()
    endif()
  endforeach()
  if(arg_OUT)
    set(${arg_OUT} ${programs} PARENT_SCOPE)
  endif()
endfunction()

function(ambit_add_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE ambit_own)
  list(GET ARGN 0 source)
  cmake_path(GET source PARENT_PATH folder)
  target_compile_definitions(${name} PRIVATE "AMBIT_PROGRAM_DIR=\"${folder}\"")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
endfunction()
