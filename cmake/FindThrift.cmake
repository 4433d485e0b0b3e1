# Apache Thrift, and its compiler. Defines Thrift::thrift and tidemark_thrift().
#
# The static library, all of it, and hidden:
# the loader would give libparquet functions of the wrong version. test/stages/install looks that none is seen.
find_path(Thrift_INCLUDE thrift/Thrift.h)
find_library(Thrift_ARCHIVE libthrift.a)
find_program(Thrift_COMPILER thrift)
find_package(OpenSSL) # of the archive's TLS sockets
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Thrift REQUIRED_VARS Thrift_ARCHIVE Thrift_INCLUDE Thrift_COMPILER
  REASON_FAILURE_MESSAGE "no Thrift, which ./dev build installs")
if(Thrift_FOUND AND NOT TARGET Thrift::thrift)
  add_library(Thrift::thrift UNKNOWN IMPORTED GLOBAL)
  set_target_properties(Thrift::thrift PROPERTIES
    IMPORTED_LOCATION "${Thrift_ARCHIVE}" INTERFACE_INCLUDE_DIRECTORIES "${Thrift_INCLUDE}"
    INTERFACE_LINK_LIBRARIES "OpenSSL::SSL;OpenSSL::Crypto"
    INTERFACE_LINK_OPTIONS "LINKER:--exclude-libs,libthrift.a")
endif()

# tidemark_thrift(<target> <file.thrift> <service>): a library of what the compiler makes of the file. Its headers are known as those of the
# system are, without warnings: nobody reads or formats them. Who includes them is compiled with -fvisibility=hidden.
function(tidemark_thrift target file service)
  get_filename_component(name "${file}" NAME_WE)
  set(folder "${CMAKE_BINARY_DIR}/thrift/${target}")
  set(made "${folder}/${service}.cpp" "${folder}/${name}_types.cpp")
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(OUTPUT ${made} "${folder}/${service}.h" "${folder}/${name}_types.h"
    COMMAND "${Thrift_COMPILER}" --gen cpp:no_skeleton -out "${folder}" "${file}" DEPENDS "${file}" VERBATIM)
  add_library(${target} STATIC ${made})
  target_compile_options(${target} PRIVATE -w -fvisibility=hidden "$<$<CONFIG:Release>:-O1>")
  target_include_directories(${target} SYSTEM INTERFACE "${folder}")
  target_link_libraries(${target} PUBLIC "$<LINK_LIBRARY:WHOLE_ARCHIVE,Thrift::thrift>")
  tidemark_harden(${target})
endfunction()
