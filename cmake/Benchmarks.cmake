# Without Google Benchmark there are none; ./dev installs it when somebody asks for them.
# Target `bench`: one binary build/<preset>/bench/<name> for every bench/<name>.cc that ends in _bench.cc.
file(GLOB benchmarks CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/bench/*_bench.cc")
find_package(benchmark QUIET)
if(NOT benchmark_FOUND)
  message(STATUS "No Google Benchmark: the target bench is left out")
  return()
endif()
add_custom_target(bench)
function(tidemark_bench name)
  add_executable(${name} EXCLUDE_FROM_ALL ${ARGN})
  tidemark_harden(${name})
  target_link_libraries(${name} PRIVATE tidemark_app)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench")
  add_dependencies(bench ${name})
endfunction()

foreach(source IN LISTS benchmarks)
  get_filename_component(name "${source}" NAME_WE)
  tidemark_bench(${name} "${source}")
  target_link_libraries(${name} PRIVATE benchmark::benchmark_main)
endforeach()

# The same without the checksums of the log: what stands in the program itself is not taken from a library.
set(unchecked "${CMAKE_SOURCE_DIR}/bench/unchecked_log.cc")
tidemark_bench(unchecked_log_bench "${CMAKE_SOURCE_DIR}/bench/log_bench.cc" "${unchecked}")
target_link_libraries(unchecked_log_bench PRIVATE benchmark::benchmark_main)
tidemark_bench(unchecked_tidemark "${CMAKE_SOURCE_DIR}/src/app/main.cc" "${unchecked}")
