# tidemark_tests: every *_test.cc beside the file it tests.
# <room>_tests (tidemark_core_tests, tidemark_io_parquet_tests): one room alone, for a short way round; asked for by name.
# Without GoogleTest there are none; ./dev installs it when somebody asks for them. All of it is compiled on request only.
find_package(GTest QUIET)
if(NOT GTest_FOUND)
  message(STATUS "No GoogleTest: the target tidemark_tests is left out")
  return()
endif()
enable_testing()
add_executable(tidemark_tests EXCLUDE_FROM_ALL)
target_link_libraries(tidemark_tests PRIVATE tidemark_app tidemark_simulation GTest::gtest_main)
set_target_properties(tidemark_tests PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}" LINKER_LANGUAGE CXX)
add_test(NAME unit COMMAND tidemark_tests)

# Suites that several rooms instantiate for what they make (LogConformance): a room's own program needs them, too.
file(GLOB suites RELATIVE "${CMAKE_SOURCE_DIR}/src" CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/run/interfaces/*_conformance_test.cc")
set(compiled_suites ${suites})
tidemark_unity(compiled_suites SUFFIX _conformance)
add_library(tidemark_conformance_objects OBJECT EXCLUDE_FROM_ALL ${compiled_suites})
tidemark_unity_warnings(tidemark_conformance_objects)
target_link_libraries(tidemark_conformance_objects PUBLIC tidemark_run GTest::gtest)
target_compile_options(tidemark_conformance_objects PRIVATE $<$<CONFIG:Release>:-O1>)
target_sources(tidemark_tests PRIVATE $<TARGET_OBJECTS:tidemark_conformance_objects>)

foreach(room IN ITEMS tidemark_core tidemark_run tidemark_app tidemark_simulation LISTS TIDEMARK_IO_LIBRARIES)
  get_target_property(folder ${room} TIDEMARK_FOLDER)
  file(GLOB_RECURSE tests RELATIVE "${CMAKE_SOURCE_DIR}/src" CONFIGURE_DEPENDS "${folder}/*_test.cc")
  list(REMOVE_ITEM tests ${suites})
  if(tests)
    tidemark_unity(tests SUFFIX _test)
    add_library(${room}_test_objects OBJECT EXCLUDE_FROM_ALL ${tests})
    target_link_libraries(${room}_test_objects PUBLIC ${room} GTest::gtest)
    tidemark_unity_warnings(${room}_test_objects)
    target_compile_definitions(${room}_test_objects PRIVATE TIDEMARK_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_compile_options(${room}_test_objects PRIVATE $<$<CONFIG:Release>:-O1>) # the tested code is fully optimised
    if(room STREQUAL tidemark_core)
      target_compile_options(${room}_test_objects PRIVATE ${TIDEMARK_HARD_WORK})
    endif()
    target_sources(tidemark_tests PRIVATE $<TARGET_OBJECTS:${room}_test_objects>)

    add_executable(${room}_tests EXCLUDE_FROM_ALL $<TARGET_OBJECTS:${room}_test_objects>)
    target_link_libraries(${room}_tests PRIVATE ${room} GTest::gtest_main)
    if(NOT room STREQUAL tidemark_core)
      target_sources(${room}_tests PRIVATE $<TARGET_OBJECTS:tidemark_conformance_objects>)
    endif()
    set_target_properties(${room}_tests PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}" LINKER_LANGUAGE CXX)
  endif()
endforeach()
