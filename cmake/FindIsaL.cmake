# ISA-L, Intel's library for storage: CRC-32C by the processor's own instructions. Defines IsaL::isal.
include(LibraryByName)
tidemark_library_by_name(IsaL IsaL::isal HEADER isa-l/crc.h LIBRARY isal CALLED "ISA-L")
