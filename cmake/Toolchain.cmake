# How every file is compiled: language, optimisation, warnings, sanitizers, linker, cache.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(THREADS_PREFER_PTHREAD_FLAG ON)

# No debug information in a release: it would be nine tenths of the binary and a tenth of the build time.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")

# The baseline every x86 server of the last fifteen years has.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(default_march "x86-64-v2")
endif()
set(TIDEMARK_MARCH "${default_march}" CACHE STRING "Value of -march; empty for the compiler's own default")
if(TIDEMARK_MARCH)
  add_compile_options("-march=${TIDEMARK_MARCH}")
endif()

# Sign conversion is left out: indices into standard containers would drown the narrowing that matters.
# Missing field initializers are left out: designated initializers with defaults are how options are written here.
add_compile_options(
  "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wshadow;-Wconversion;-Wno-sign-conversion;-Wnon-virtual-dtor>"
  "$<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual;-Wno-missing-field-initializers>")
# g++ 12 sees overlapping copies inside its own std::string (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>")
endif()
# clang warns about the text in CHECK(!"why this cannot be"), and about libstdc++ 12's own use of std::inplace_merge.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-Wno-string-conversion;-Wno-deprecated-declarations>")
endif()
option(TIDEMARK_WERROR "Treat warnings as errors" OFF)
set(CMAKE_COMPILE_WARNING_AS_ERROR ${TIDEMARK_WERROR})

set(TIDEMARK_SANITIZE "" CACHE STRING "address,undefined or thread")
if(TIDEMARK_SANITIZE)
  add_compile_options("-fsanitize=${TIDEMARK_SANITIZE}" -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${TIDEMARK_SANITIZE}")
  # Compiling costs more than running here. Without optimisation it takes half as long, and nothing is optimised away.
  # Code that random streams exercise for minutes is the exception.
  if(TIDEMARK_SANITIZE MATCHES "address")
    set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
    set(TIDEMARK_HARD_WORK $<$<CONFIG:Debug>:-Og>)
  endif()
endif()

include(Hardening)

# Coverage for libFuzzer in all compiled code; cmake/Fuzzing.cmake links its main to each target.
option(TIDEMARK_FUZZ "Build the targets of fuzz/ with libFuzzer" OFF)
if(TIDEMARK_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE}")
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
