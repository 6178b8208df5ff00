package dev.headroom.iris.api;

import dev.headroom.iris.api.http.Handler;
import dev.headroom.iris.api.http.Head;
import dev.headroom.iris.api.http.Request;
import dev.headroom.iris.api.http.Response;
import dev.headroom.iris.api.http.Status;
import dev.headroom.iris.api.json.BodyException;
import dev.headroom.iris.api.json.JsonText;
import dev.headroom.iris.api.json.RowReader;
import dev.headroom.iris.api.json.RowSink;
import dev.headroom.iris.api.model.DecisionTree;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code POST /predict}. The answers are made beforehand: a tree of one row has as many as it has leaves, and a batch's
 * are put together of them.
 */
final class Prediction implements Handler, RowSink {
    private static final int PLAIN = 0;
    private static final int WITH_PROBABILITIES = 1;
    private static final Response BAD_QUERY =
            Response.problem(
                    Status.BAD_REQUEST,
                    "the query parameter probabilities is neither true nor false");
    private static final Response OTHER_TYPE =
            Response.problem(
                    Status.UNSUPPORTED_MEDIA_TYPE,
                    "the body is of another media type: expected application/json",
                    "Accept-Post: application/json");
    private static final Response CODED =
            Response.problem(
                    Status.UNSUPPORTED_MEDIA_TYPE,
                    "the body has a content coding: expected none",
                    "Accept-Encoding: identity");
    private static final Response BUSY =
            Response.problem(
                    Status.UNAVAILABLE,
                    "as many rows of batches are under way as this server accepts",
                    "Retry-After: 1");

    private final DecisionTree tree;
    private final RowReader rows;
    private final Response[][] single = new Response[2][];
    private final byte[][][] parts = new byte[2][][];
    private final AtomicLongArray byClass;
    private int[] leaves = new int[16];
    private int count;

    /**
     * For one event loop.
     *
     * @param maxRows of a batch
     */
    Prediction(DecisionTree tree, int maxRows) {
        this.tree = tree;
        this.rows = new RowReader(tree.featureNames(), maxRows);
        this.byClass = new AtomicLongArray(tree.classNames().size());
        for (int form = PLAIN; form <= WITH_PROBABILITIES; form++) {
            single[form] = new Response[tree.leafCount()];
            parts[form] = new byte[tree.leafCount()][];
            for (int leaf = 0; leaf < tree.leafCount(); leaf++) {
                String text = text(leaf, form == WITH_PROBABILITIES);
                parts[form][leaf] = text.getBytes(StandardCharsets.UTF_8);
                single[form][leaf] = Response.json(Status.OK, text);
            }
        }
    }

    private String text(int leaf, boolean probabilities) {
        List<String> names = tree.classNames();
        StringBuilder text = new StringBuilder("{\"prediction\":");
        text.append(JsonText.quote(names.get(tree.classOf(leaf))));
        if (probabilities) {
            for (int i = 0; i < names.size(); i++) {
                text.append(i == 0 ? ",\"probabilities\":{" : ",")
                        .append(JsonText.quote(names.get(i)));
                text.append(':').append(tree.probability(leaf, i));
            }
            text.append('}');
        }
        return text.append('}').toString();
    }

    /** Predictions of a class so far; from any thread. */
    long predictions(int classIndex) {
        return byClass.getOpaque(classIndex);
    }

    @Override
    public int options(byte[] in, int from, int to) {
        return from == to
                ? PLAIN
                : PredictQuery.read(new String(in, from, to - from, StandardCharsets.ISO_8859_1));
    }

    @Override
    public @Nullable Response check(Head head) {
        if (head.coded()) {
            return CODED;
        }
        if (!head.json()) {
            return OTHER_TYPE;
        }
        return head.options() < 0 ? BAD_QUERY : null;
    }

    @Override
    public Response handle(Request request) {
        count = 0;
        try {
            int batch = rows.read(request.bytes(), request.bodyFrom(), request.bodyTo(), this);
            if (batch > 1 && !request.admit(batch)) {
                return BUSY;
            }
            for (int i = 0; i < count; i++) {
                int index = tree.classOf(leaves[i]);
                // One writer: no atomic addition is needed.
                byClass.setOpaque(index, byClass.getPlain(index) + 1);
            }
            return batch < 0
                    ? single[request.options()][leaves[0]]
                    : batch(parts[request.options()]);
        } catch (BodyException e) {
            Status status =
                    switch (e.kind()) {
                        case NOT_JSON -> Status.BAD_REQUEST;
                        case INVALID -> Status.UNPROCESSABLE;
                        case TOO_MANY_ROWS -> Status.CONTENT_TOO_LARGE;
                    };
            return Response.problemAt(status, e.pointer(), e.detail());
        }
    }

    @Override
    public void row(float[] row) {
        if (count == leaves.length) {
            leaves = Arrays.copyOf(leaves, 2 * count);
        }
        leaves[count++] = tree.leafOf(row);
    }

    private Response batch(byte[][] texts) {
        int length = count + 1;
        for (int i = 0; i < count; i++) {
            length += texts[leaves[i]].length;
        }
        byte[] body = new byte[length];
        int at = 0;
        for (int i = 0; i < count; i++) {
            body[at++] = (byte) (i == 0 ? '[' : ',');
            byte[] text = texts[leaves[i]];
            System.arraycopy(text, 0, body, at, text.length);
            at += text.length;
        }
        body[at] = ']';
        return Response.of(Status.OK, "application/json", body, List.of());
    }
}
