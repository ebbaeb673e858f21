# The kinds of tests. Each is found by globbing: adding a test is adding a file.
#
#   tests/unit/*.cpp           Boost.Test units of one program, tests/ambit_unit. main.cpp holds the framework; the
#                              others include <boost/test/unit_test.hpp> and open a suite. Each top-level suite, and each
#                              test case outside any suite, becomes a ctest test `unit/NAME`.
#   tests/static/*.cpp         A test that compiles is a pass: `static/FILE` with the current compiler and all warnings,
#                              as a part of the build; `static/FILE/COMPILER` for each of AMBIT_CHECK_COMPILERS.
#   tests/compile_fail/*.cpp   Must be refused with the text that the file itself states, and must compile with
#                              -DACCEPT: `compile_fail/FILE/COMPILER`. See cmake/compile_fail.sh for the markers.
#   tests/programs/*.sh        Bash scripts, `programs/NAME`: exit status 0 passes, 77 skips, anything else fails.
#   tests/fuzz/*.cpp           A fuzz target each, `fuzz/NAME`: its seeds and some thousand inputs made of them, always the
#                              same. scripts/fuzz runs them under libFuzzer, as AMBIT_LIBFUZZER builds them.
#   tests/conformance/*.cpp    The program tests/ambit_conformance, run over tests/conformance/cases/*.cases and over
#                              AMBIT_SEMANTICS/cases/*.cases: `conformance/FILE`, `conformance/semantics/FILE`.
#   tests/package              Install, then consume: `package/MODE`. See tests/package/run.sh.
#   (generated)                Every public header compiles alone, as a part of the build: `headers/HEADER`; two
#                              translation units that include all of them link: `headers/two_tu`.
#   examples                   Every example runs: `examples/NAME`. Where NAME.expected lies beside its source, the
#                              output must be exactly that.
#
# A test that cannot run here exits with 77 and prints `skipped: REASON; package: PACKAGE`; scripts/test lists these.
# Test sources may include headers from tests/ itself. All tests find in their environment:
#   AMBIT_SOURCE_DIR, AMBIT_BINARY_DIR      the source tree and the build tree
#   AMBIT_EIGEN_INCLUDE, AMBIT_BOOST_INCLUDE   folders that are safe after -isystem (never /usr/include itself)
#   AMBIT_FLAGS                             -std=c++20 and the include options, ready for $CXX
#   AMBIT_FIXTURES, AMBIT_SEMANTICS         files that are not part of the project; may be absent
#   CXX, CMAKE_GENERATOR                    the compiler and the generator of this build
include_guard()

set(AMBIT_TEST_KINDS "unit;static;compile_fail;headers;programs;fuzz;conformance;package;examples"
    CACHE STRING "Kinds of tests to build and register")
set(AMBIT_CHECK_COMPILERS "g++-11;g++-12;clang++-14;clang++-16"
    CACHE STRING "Compilers of tests/static, besides the compiler of the build")
set(AMBIT_FAIL_COMPILERS "g++;clang++-14" CACHE STRING "Compilers of tests/compile_fail")
option(AMBIT_LIBFUZZER "Build the fuzz targets for libFuzzer, too (clang only)" OFF)
set(AMBIT_TEST_PREFIX "" CACHE STRING "Put before the name of each test; tells build trees apart in a joint run")

function(ambit_set_test_data variable folder)
  set(default "${PROJECT_SOURCE_DIR}/../shared/${folder}")
  if(DEFINED ENV{${variable}})
    set(default "$ENV{${variable}}")
  endif()
  cmake_path(NORMAL_PATH default)
  set(${variable} "${default}" CACHE PATH "Test data outside of the project")
endfunction()
ambit_set_test_data(AMBIT_FIXTURES fixtures)
ambit_set_test_data(AMBIT_SEMANTICS semantics)

get_target_property(AMBIT_EIGEN_INCLUDE Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
list(GET AMBIT_EIGEN_INCLUDE 0 AMBIT_EIGEN_INCLUDE)
find_path(AMBIT_BOOST_ROOT boost/hana/tuple.hpp HINTS ${Boost_INCLUDE_DIRS} REQUIRED)
mark_as_advanced(AMBIT_BOOST_ROOT)
# `-isystem /usr/include` breaks #include_next <stdlib.h>, and cross compilers must not see the host's headers.
set(AMBIT_BOOST_INCLUDE "${PROJECT_BINARY_DIR}/boost_include")
file(MAKE_DIRECTORY "${AMBIT_BOOST_INCLUDE}")
file(CREATE_LINK "${AMBIT_BOOST_ROOT}/boost" "${AMBIT_BOOST_INCLUDE}/boost" SYMBOLIC)

set(AMBIT_FLAGS -std=c++20 "-I${PROJECT_SOURCE_DIR}/include" "-I${PROJECT_SOURCE_DIR}/tests"
                -isystem "${AMBIT_EIGEN_INCLUDE}" -isystem "${AMBIT_BOOST_INCLUDE}")
list(JOIN AMBIT_FLAGS " " ambit_flags)
set(AMBIT_TEST_ENVIRONMENT
    "AMBIT_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
    "AMBIT_BINARY_DIR=${PROJECT_BINARY_DIR}"
    "AMBIT_EIGEN_INCLUDE=${AMBIT_EIGEN_INCLUDE}"
    "AMBIT_BOOST_INCLUDE=${AMBIT_BOOST_INCLUDE}"
    "AMBIT_FLAGS=${ambit_flags}"
    "AMBIT_FIXTURES=${AMBIT_FIXTURES}"
    "AMBIT_SEMANTICS=${AMBIT_SEMANTICS}"
    "CXX=${CMAKE_CXX_COMPILER}"
    "CMAKE_GENERATOR=${CMAKE_GENERATOR}")
set(AMBIT_TEST_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake")

# Sources of test programs see tests/ as an include folder.
add_library(ambit_test INTERFACE)
target_link_libraries(ambit_test INTERFACE ambit_own)
target_include_directories(ambit_test INTERFACE "${PROJECT_SOURCE_DIR}/tests")
find_package(ZLIB QUIET) # optional: what <ambit/io/zlib.hpp> calls where zlib.h is there
if(ZLIB_FOUND)
  target_link_libraries(ambit_test INTERFACE ZLIB::ZLIB)
endif()

# ambit_add_test(KIND NAME COMMAND...)
function(ambit_add_test kind name)
  set(test "${AMBIT_TEST_PREFIX}${kind}/${name}")
  add_test(NAME "${test}" COMMAND ${ARGN} WORKING_DIRECTORY "${PROJECT_BINARY_DIR}")
  set_tests_properties("${test}" PROPERTIES LABELS ${kind} SKIP_RETURN_CODE 77 TIMEOUT 900
                                            ENVIRONMENT "${AMBIT_TEST_ENVIRONMENT}")
endfunction()

function(ambit_add_test_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE ambit_test)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
endfunction()

# ambit_add_compile_check(KIND TARGET SOURCE...): sources in KIND/ that are compiled only to see that they compile, so
# without optimisation. The build goes on after an error; a test for each source, `KIND/NAME`, sees whether it left an object.
function(ambit_add_compile_check kind target)
  add_library(${target} OBJECT ${ARGN})
  target_link_libraries(${target} PRIVATE ambit_test)
  target_compile_options(${target} PRIVATE -O0)
  foreach(source IN LISTS ARGN)
    cmake_path(GET source STEM LAST_ONLY name)
    set(object "CMakeFiles/${target}.dir/${kind}/${name}.cpp${CMAKE_CXX_OUTPUT_EXTENSION}")
    ambit_add_test(${kind} ${name} sh "${AMBIT_TEST_SCRIPTS}/was_compiled.sh" "${source}"
                   "${CMAKE_CURRENT_BINARY_DIR}/${object}")
  endforeach()
endfunction()

function(ambit_add_unit_tests)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/unit/*.cpp")
  list(LENGTH sources count)
  if(count LESS 2) # main.cpp alone is an empty test tree, which Boost.Test reports as an error
    return()
  endif()
  ambit_add_test_program(ambit_unit ${sources})
  # Hundreds of distinct models: at -O3 they take 1.6 times as long to compile. Examples and benchmarks are built at -O3.
  target_compile_options(ambit_unit PRIVATE $<$<CONFIG:Release>:-O1>)
  set(tests "${CMAKE_CURRENT_BINARY_DIR}/ambit_unit_tests.cmake")
  configure_file("${AMBIT_TEST_SCRIPTS}/discover_unit_tests.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/discover.cmake" @ONLY)
  add_custom_command(
    TARGET ambit_unit
    POST_BUILD
    COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=$<TARGET_FILE:ambit_unit>" -P "${CMAKE_CURRENT_BINARY_DIR}/discover.cmake"
    VERBATIM)
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/ambit_unit_include.cmake"
       "if(EXISTS \"${tests}\")\n  include(\"${tests}\")\nelse()\n"
       "  add_test(\"${AMBIT_TEST_PREFIX}unit/ambit_unit_not_built\" ambit_unit_not_built)\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${CMAKE_CURRENT_BINARY_DIR}/ambit_unit_include.cmake")
endfunction()

function(ambit_add_static_tests)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/static/*.cpp")
  if(NOT sources)
    return()
  endif()
  ambit_add_compile_check(static ambit_static ${sources})
  file(REAL_PATH "${CMAKE_CXX_COMPILER}" own)
  foreach(compiler IN LISTS AMBIT_CHECK_COMPILERS)
    find_program(path ${compiler} NO_CACHE)
    if(path)
      file(REAL_PATH "${path}" path)
    endif()
    if(NOT path STREQUAL own)
      foreach(source IN LISTS sources)
        cmake_path(GET source STEM LAST_ONLY name)
        ambit_add_test(static ${name}/${compiler} sh "${AMBIT_TEST_SCRIPTS}/compile_pass.sh" ${compiler} "${source}"
                       ${AMBIT_FLAGS})
      endforeach()
    endif()
    unset(path)
  endforeach()
endfunction()

function(ambit_add_compile_fail_tests)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/compile_fail/*.cpp")
  foreach(compiler IN LISTS AMBIT_FAIL_COMPILERS)
    set(command ${compiler})
    if(compiler STREQUAL "g++" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      set(command "${CMAKE_CXX_COMPILER}")
    endif()
    foreach(source IN LISTS sources)
      cmake_path(GET source STEM LAST_ONLY name)
      ambit_add_test(compile_fail ${name}/${compiler} sh "${AMBIT_TEST_SCRIPTS}/compile_fail.sh" ${command} "${source}"
                     ${AMBIT_FLAGS})
    endforeach()
  endforeach()
endfunction()

# Sets AMBIT_PROTOZERO, which is false where it is not there: checkpoints are an opt-in.
function(ambit_find_protozero)
  find_path(AMBIT_PROTOZERO protozero/pbf_reader.hpp)
  mark_as_advanced(AMBIT_PROTOZERO)
endfunction()

function(ambit_add_header_tests)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/include"
       "${PROJECT_SOURCE_DIR}/include/ambit/*.hpp")
  ambit_find_protozero()
  if(NOT AMBIT_PROTOZERO) # the other headers do without
    list(FILTER headers EXCLUDE REGEX
         "/io/.*(checkpoint|bundle_entry|table_reader|table_writer|string_tensor|snappy|varint)\\.hpp$")
    ambit_add_test(headers checkpoint sh "${AMBIT_TEST_SCRIPTS}/skip.sh" "no protozero" libprotozero-dev)
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/headers")
  set(sources)
  set(all "")
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "[/.]" "_" name "${header}")
    set(include "#include <${header}>\n")
    string(APPEND all "${include}")
    # Twice: a header must also bear being included again.
    file(CONFIGURE OUTPUT "${folder}/${name}.cpp" CONTENT "${include}${include}" @ONLY)
    list(APPEND sources "${folder}/${name}.cpp")
  endforeach()
  ambit_add_compile_check(headers ambit_headers ${sources})

  file(CONFIGURE OUTPUT "${folder}/two_tu_one.cpp" CONTENT "${all}int one();\nint one() { return 1; }\n" @ONLY)
  file(CONFIGURE OUTPUT "${folder}/two_tu_main.cpp" CONTENT "${all}int one();\nint main() { return one() - 1; }\n" @ONLY)
  ambit_add_test_program(ambit_two_tu "${folder}/two_tu_one.cpp" "${folder}/two_tu_main.cpp")
  target_compile_options(ambit_two_tu PRIVATE -O0)
  ambit_add_test(headers two_tu ambit_two_tu)
endfunction()

function(ambit_add_script_tests)
  file(GLOB scripts CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/programs/*.sh")
  foreach(script IN LISTS scripts)
    cmake_path(GET script STEM LAST_ONLY name)
    ambit_add_test(programs ${name} bash "${script}")
  endforeach()
endfunction()

function(ambit_add_fuzz_tests)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/*.cpp")
  ambit_find_protozero()
  set(driver "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/driver")
  add_library(ambit_fuzz OBJECT "${driver}/replay.cpp" "${driver}/memory.cpp")
  target_link_libraries(ambit_fuzz PRIVATE ambit_test)
  foreach(source IN LISTS sources)
    cmake_path(GET source STEM LAST_ONLY name)
    if(name STREQUAL "checkpoint" AND NOT AMBIT_PROTOZERO)
      ambit_add_test(fuzz ${name} sh "${AMBIT_TEST_SCRIPTS}/skip.sh" "no protozero" libprotozero-dev)
      continue()
    endif()
    ambit_add_test_program(fuzz_${name} "${source}" $<TARGET_OBJECTS:ambit_fuzz>)
    target_compile_options(fuzz_${name} PRIVATE $<$<CONFIG:Release>:-O1>)
    ambit_add_test(fuzz ${name} fuzz_${name})
    if(AMBIT_LIBFUZZER)
      set(sanitize -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
      ambit_add_test_program(libfuzzer_${name} "${source}" "${driver}/libfuzzer.cpp" "${driver}/memory.cpp")
      target_compile_options(libfuzzer_${name} PRIVATE -O1 -g1 ${sanitize})
      target_link_options(libfuzzer_${name} PRIVATE ${sanitize})
    endif()
  endforeach()
endfunction()

function(ambit_add_conformance_tests)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/conformance/*.cpp")
  if(NOT sources)
    return()
  endif()
  ambit_add_test_program(ambit_conformance ${sources})
  file(GLOB cases CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/conformance/cases/*.cases")
  foreach(file IN LISTS cases)
    cmake_path(GET file STEM name)
    ambit_add_test(conformance ${name} ambit_conformance "${file}")
  endforeach()

  file(GLOB cases CONFIGURE_DEPENDS "${AMBIT_SEMANTICS}/cases/*.cases")
  list(FILTER cases EXCLUDE REGEX "/internal_ops\\.cases$")
  foreach(file IN LISTS cases)
    cmake_path(GET file STEM name)
    ambit_add_test(conformance semantics/${name} ambit_conformance "${file}")
  endforeach()
  if(NOT cases)
    ambit_add_test(conformance semantics sh "${AMBIT_TEST_SCRIPTS}/skip.sh"
                   "no folder of TensorFlow cases (AMBIT_SEMANTICS)" none)
  endif()
endfunction()

function(ambit_add_package_tests)
  foreach(mode IN ITEMS find_package add_subdirectory pkg_config deb)
    ambit_add_test(package ${mode} bash "${CMAKE_CURRENT_SOURCE_DIR}/package/run.sh" ${mode})
  endforeach()
endfunction()

# ambit_add_example_tests(TARGET...), called from examples/
function(ambit_add_example_tests)
  if(NOT "examples" IN_LIST AMBIT_TEST_KINDS)
    return()
  endif()
  foreach(target IN LISTS ARGN)
    get_target_property(sources ${target} SOURCES)
    list(GET sources 0 source)
    cmake_path(GET source PARENT_PATH folder)
    ambit_add_test(examples ${target} sh "${AMBIT_TEST_SCRIPTS}/run_example.sh" "$<TARGET_FILE:${target}>"
                   "${folder}/${target}.expected")
  endforeach()
endfunction()
