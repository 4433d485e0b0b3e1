# A room is a folder of src/: one static library from its .cc files, tests and exceptions left out.

# Unity: files of one folder are compiled together, so that what all of them include is read once. A first build takes less than half of the
# time, and so does a change of a header; a change of one file costs its neighbours, too. Files of one folder therefore never give
# the same name twice. Off where each file is to stand for itself: in the presets dev (stepping through) and lint (clang-tidy), which
# find a file that leans on the includes of its neighbour.
option(TIDEMARK_UNITY "Compile the files of a folder together" ON)
set(TIDEMARK_UNITY_FILES 8)  # at most
# Boost.Beast fills a compiler by itself.
set(TIDEMARK_ALONE io/serve/connection.cc io/net/https_client.cc io/alpaca/websocket_stream.cc io/alpaca_server/connection.cc)
# Hidden from the libraries that the program loads (cmake/FindThrift.cmake).
list(APPEND TIDEMARK_ALONE io/hive/hive_metastore.cc)
# Files and folders. Feeds are written alike, with the same names in each file.
list(APPEND TIDEMARK_ALONE app/feeds)
# ./dev bench checksums links others in their place.
list(APPEND TIDEMARK_ALONE io/embedded/row_checksum.cc io/embedded/summary.cc io/embedded/summary_check.cc)

# What talks to people or waits for the disk, not what a bar goes through: -O1, which compiles it in two thirds of the time.
set(TIDEMARK_COLD app/cluster app/command_line app/config app/data_dir app/dead_letters app/doctor app/live app/upkeep io/config io/hive)

# tidemark_unity(<list> [SUFFIX <suffix>]): the .cc files of a list, relative to src/, become those that are really compiled. They include
# by the same words in every checkout, so that a compiler cache is shared by all of them. The suffix tells two lists of one folder apart.
function(tidemark_unity list)
  cmake_parse_arguments(arg "" "SUFFIX" "" ${ARGN})
  set(compiled)
  set(folders)
  foreach(source IN LISTS ${list})
    get_filename_component(folder "${source}" DIRECTORY)
    if(TIDEMARK_UNITY AND NOT source IN_LIST TIDEMARK_ALONE AND NOT folder IN_LIST TIDEMARK_ALONE)
      list(APPEND folders "${folder}")
      list(APPEND files_of_${folder} "${source}")
    else()
      list(APPEND compiled "${CMAKE_SOURCE_DIR}/src/${source}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    set(files ${files_of_${folder}})
    list(LENGTH files count)
    math(EXPR parts "(${count} + ${TIDEMARK_UNITY_FILES} - 1) / ${TIDEMARK_UNITY_FILES}")
    math(EXPR size "(${count} + ${parts} - 1) / ${parts}")
    foreach(part RANGE 1 ${parts})
      list(SUBLIST files 0 ${size} together)
      list(REMOVE_ITEM files ${together})
      list(TRANSFORM together REPLACE "(.+)" "#include \"\\1\"\n")
      string(JOIN "" text ${together})
      string(REPLACE "/" "_" name "${folder}${arg_SUFFIX}_${part}")
      file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/unity/${name}.cc" CONTENT "${text}" @ONLY)
      list(APPEND compiled "${CMAKE_BINARY_DIR}/unity/${name}.cc")
    endforeach()
  endforeach()
  foreach(file IN LISTS compiled)
    foreach(folder IN LISTS TIDEMARK_COLD)
      string(REPLACE "/" "_" name "${folder}")
      if(file MATCHES "/unity/${name}_[0-9]+\\.cc$|/src/${folder}/[a-z0-9_]+\\.cc$")
        set_property(SOURCE "${file}" APPEND PROPERTY COMPILE_OPTIONS "$<$<CONFIG:Release>:-O1>")
      endif()
    endforeach()
  endforeach()
  set(${list} ${compiled} PARENT_SCOPE)
endfunction()

# tidemark_unity_warnings(<target>): without those that are about a neighbour in the same compilation.
function(tidemark_unity_warnings target)
  if(TIDEMARK_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ takes an included .cc for a header, and a constant of a neighbour for one of the same file.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage -Wno-shadow -Wshadow=local)
  elseif(TIDEMARK_UNITY)
    target_compile_options(${target} PRIVATE -Wno-shadow)  # clang++ cannot leave out the constants of a neighbour
  endif()
endfunction()

# tidemark_room(<target> <folder> [EXCEPT file...]) sets <target>_SCOPE to the keyword its properties need: a folder
# without .cc files becomes an interface library, so that a room may start with its headers.
function(tidemark_room target folder)
  cmake_parse_arguments(arg "" "" "EXCEPT" ${ARGN})
  file(GLOB_RECURSE sources RELATIVE "${CMAKE_SOURCE_DIR}/src" CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${folder}/*.cc")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  if(arg_EXCEPT)
    list(REMOVE_ITEM sources ${arg_EXCEPT})
  endif()
  if(sources)
    tidemark_unity(sources)
    add_library(${target} STATIC ${sources})
    tidemark_harden(${target})
    tidemark_unity_warnings(${target})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} "${CMAKE_SOURCE_DIR}/src")
  set_property(TARGET ${target} PROPERTY TIDEMARK_FOLDER "${CMAKE_SOURCE_DIR}/src/${folder}")
  set(${target}_SCOPE ${scope} PARENT_SCOPE)
endfunction()

# Creates tidemark_io_<room> for every folder in src/io. Rooms do not see one another, except the shared ones.
set(TIDEMARK_SHARED_ROOMS observe disk net parquet)  # each sees those before it
macro(tidemark_io_rooms)
  file(GLOB room_folders LIST_DIRECTORIES true RELATIVE "${CMAKE_SOURCE_DIR}/src/io" CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/io/*")
  set(TIDEMARK_IO_LIBRARIES)
  set(shared_libraries)
  list(REMOVE_ITEM room_folders ${TIDEMARK_SHARED_ROOMS})
  foreach(room IN LISTS TIDEMARK_SHARED_ROOMS room_folders)
    if(IS_DIRECTORY "${CMAKE_SOURCE_DIR}/src/io/${room}")
      tidemark_room(tidemark_io_${room} io/${room})
      target_link_libraries(tidemark_io_${room} ${tidemark_io_${room}_SCOPE} ${shared_libraries} tidemark_run Threads::Threads)
      list(APPEND TIDEMARK_IO_LIBRARIES tidemark_io_${room})
      if(room IN_LIST TIDEMARK_SHARED_ROOMS)
        list(PREPEND shared_libraries tidemark_io_${room})
      endif()
    endif()
  endforeach()
endmacro()

# tidemark_io_needs(<package> <library> <room>...) links an external library to those of the rooms that exist.
function(tidemark_io_needs package library)
  foreach(room IN LISTS ARGN)
    if(TARGET tidemark_io_${room})
      if(package)
        find_package(${package} REQUIRED)
      endif()
      target_link_libraries(tidemark_io_${room} ${tidemark_io_${room}_SCOPE} ${library})
    endif()
  endforeach()
endfunction()
