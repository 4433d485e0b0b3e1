import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a program under a URLClassLoader, which Hive 2.3 takes its own loader for: `Launch FOLDER-OR-JAR:FOLDER-OF-JARS/* CLASS WORDS…`. */
public class Launch {
  public static void main(String[] words) throws Exception {
    List<URL> places = new ArrayList<>();
    for (String place : words[0].split(":")) {
      if (!place.endsWith("/*")) {
        places.add(new File(place).toURI().toURL());
        continue;
      }
      File[] jars = new File(place.substring(0, place.length() - 2)).listFiles((folder, name) -> name.endsWith(".jar"));
      Arrays.sort(jars);
      for (File jar : jars) {
        places.add(jar.toURI().toURL());
      }
    }
    ClassLoader loader = new URLClassLoader("hive", places.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    Class<?> program = Class.forName(words[1], true, loader);
    program.getMethod("main", String[].class).invoke(null, (Object) Arrays.copyOfRange(words, 2, words.length));
  }
}
