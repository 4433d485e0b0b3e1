# librdkafka, the C client of Kafka. Its C++ wrapper is not used. Defines RdKafka::rdkafka.
find_path(RdKafka_INCLUDE librdkafka/rdkafka.h)
find_library(RdKafka_LIBRARY rdkafka)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RdKafka REQUIRED_VARS RdKafka_LIBRARY RdKafka_INCLUDE
  REASON_FAILURE_MESSAGE "no librdkafka, which ./dev build installs")
if(RdKafka_FOUND AND NOT TARGET RdKafka::rdkafka)
  add_library(RdKafka::rdkafka UNKNOWN IMPORTED GLOBAL)
  set_target_properties(RdKafka::rdkafka PROPERTIES
    IMPORTED_LOCATION "${RdKafka_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${RdKafka_INCLUDE}")
endif()
