# librdkafka, the C client of Kafka. Its C++ wrapper is not used. Defines RdKafka::rdkafka.
include(LibraryByName)
tidemark_library_by_name(RdKafka RdKafka::rdkafka HEADER librdkafka/rdkafka.h LIBRARY rdkafka CALLED "librdkafka")
