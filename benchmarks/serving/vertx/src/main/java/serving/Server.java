package serving;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;

/** A prediction on one of Vert.x's event loops, with its own JSON. usage: Server PORT (on 127.0.0.1) */
public final class Server {
    private Server() {}

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        HttpServerOptions options =
                new HttpServerOptions().setHost("127.0.0.1").setPort(Integer.parseInt(args[0])).setAcceptBacklog(8192);
        vertx.createHttpServer(options)
                .requestHandler(
                        request ->
                                request.body()
                                        .onSuccess(
                                                body -> {
                                                    JsonObject flower = body.toJsonObject();
                                                    String name =
                                                            flower.getFloat("petal_length") <= 2.45f
                                                                    ? "setosa"
                                                                    : flower.getFloat("petal_width") <= 1.75f
                                                                            ? "versicolor"
                                                                            : "virginica";
                                                    request.response()
                                                            .putHeader("Content-Type", "application/json")
                                                            .end(new JsonObject().put("prediction", name).toBuffer());
                                                }))
                .listen()
                .await();
    }
}
