# libzip, which reads archives. The CMake file of Debian's package names programs that the package does not install, so
# it is not used. Defines LibZip::zip.
include(LibraryByName)
tidemark_library_by_name(LibZip LibZip::zip HEADER zip.h LIBRARY zip CALLED "libzip")
