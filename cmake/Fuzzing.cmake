# fuzz_replay: runs every target of fuzz/ (a *_target.cc) over the kept inputs; any preset builds it. fuzz_<name>: one
# target with libFuzzer's main, only in the preset `fuzz`. The target `fuzz` builds all of them.
file(GLOB parts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/fuzz/*.cc")
set(targets ${parts})
list(FILTER targets INCLUDE REGEX "_target\\.cc$")
list(FILTER parts EXCLUDE REGEX "(_target|replay|libfuzzer)\\.cc$")

add_library(tidemark_fuzz_parts OBJECT EXCLUDE_FROM_ALL ${parts})
target_include_directories(tidemark_fuzz_parts PUBLIC "${CMAKE_SOURCE_DIR}")
target_link_libraries(tidemark_fuzz_parts PUBLIC tidemark_app)

add_executable(fuzz_replay EXCLUDE_FROM_ALL fuzz/replay.cc ${targets})
target_link_libraries(fuzz_replay PRIVATE tidemark_fuzz_parts)
set_target_properties(fuzz_replay PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")

if(TIDEMARK_FUZZ)
  add_custom_target(fuzz DEPENDS fuzz_replay)
  foreach(source IN LISTS targets)
    get_filename_component(name "${source}" NAME_WE)
    string(REGEX REPLACE "_target$" "" name "${name}")
    add_executable(fuzz_${name} EXCLUDE_FROM_ALL fuzz/libfuzzer.cc "${source}")
    target_link_libraries(fuzz_${name} PRIVATE tidemark_fuzz_parts)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
    add_dependencies(fuzz fuzz_${name})
  endforeach()
endif()
