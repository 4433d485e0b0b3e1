# libzstd, which unpacks Zstandard. Debian's package has no CMake file. Defines Zstd::zstd.
include(LibraryByName)
tidemark_library_by_name(Zstd Zstd::zstd HEADER zstd.h LIBRARY zstd CALLED "libzstd")
