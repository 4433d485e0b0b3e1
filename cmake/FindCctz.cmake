# cctz, Google's reader of the tz database. Defines Cctz::cctz.
include(LibraryByName)
tidemark_library_by_name(Cctz Cctz::cctz HEADER cctz/time_zone.h LIBRARY cctz CALLED "cctz")
