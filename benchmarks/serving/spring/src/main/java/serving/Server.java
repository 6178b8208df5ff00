package serving;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A prediction as most services in Spring Boot answer it: a record in, a map out. */
@SpringBootApplication
@RestController
public class Server {
    record Flower(float sepal_length, float sepal_width, float petal_length, float petal_width) {}

    public static void main(String[] args) {
        SpringApplication.run(Server.class, args);
    }

    @PostMapping("/predict")
    Map<String, String> predict(@RequestBody Flower flower) {
        String name =
                flower.petal_length() <= 2.45f
                        ? "setosa"
                        : flower.petal_width() <= 1.75f ? "versicolor" : "virginica";
        return Map.of("prediction", name);
    }
}
