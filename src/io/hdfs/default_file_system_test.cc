// Which name of a file system Hadoop's configuration has, of one NameNode and of several.
#include "io/hdfs/default_file_system.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

std::string property(std::string_view name, std::string_view value) {
  return "<property><name>" + std::string(name) + "</name><value>" + std::string(value) +
         "</value><final>false</final><source>core-site.xml</source></property>\n";
}

TEST(DefaultFileSystem, IsThatOfTheConfiguration) {
  EXPECT_EQ(file_system_in("<configuration>" + property("hadoop.tmp.dir", "/tmp") +
                           property("fs.defaultFS", "hdfs://namenode:8020/") + "</configuration>"),
            "hdfs://namenode:8020");
}

// A NameNode of a pair puts its own address there, which is the standby's as often as not.
TEST(DefaultFileSystem, IsTheNameserviceWhereSeveralNameNodesServeIt) {
  EXPECT_EQ(file_system_in(property("fs.defaultFS", "hdfs://nn1:8020") + property("dfs.nameservices", "warehouse") +
                           property("dfs.ha.namenodes.warehouse", "nn1,nn2")),
            "hdfs://warehouse");
  EXPECT_EQ(file_system_in(property("fs.defaultFS", "hdfs://nn1:8020") + property("dfs.nameservices", "a,b") +
                           property("dfs.nameservice.id", "b") + property("dfs.ha.namenodes.b", "nn1,nn2")),
            "hdfs://b");
}

TEST(DefaultFileSystem, IsNoneWhereNoneIsTold) {
  for (const std::string& text :
       {std::string("<html>Not found</html>"), property("fs.defaultFS", "file:///"),
        std::string("<name>fs.defaultFS</name>"), std::string("<name>fs.defaultFS</name><value>hdfs://a")})
    EXPECT_EQ(file_system_in(text), "") << text;
}

}  // namespace
}  // namespace tidemark
