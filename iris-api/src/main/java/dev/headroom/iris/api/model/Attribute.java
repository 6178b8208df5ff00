package dev.headroom.iris.api.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One attribute of an ONNX operator: its numbers or texts, repeated or single (a single one is a list of one).
 *
 * @param name as the operator's specification has it
 * @param ints empty unless it holds integers
 * @param floats empty unless it holds floats
 * @param texts empty unless it holds texts
 */
record Attribute(String name, long[] ints, float[] floats, List<String> texts) {
    private static final int NAME = 1;
    private static final int FLOAT = 2;
    private static final int INT = 3;
    private static final int TEXT = 4;
    private static final int FLOATS = 7;
    private static final int INTS = 8;
    private static final int TEXTS = 9;

    static Attribute read(WireReader in) throws ModelException {
        String name = "";
        Numbers numbers = new Numbers();
        List<String> texts = new ArrayList<>();
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            switch (field) {
                case NAME -> name = in.text();
                case FLOAT, FLOATS -> numbers.addFloats(in);
                case INT, INTS -> numbers.addInts(in);
                case TEXT, TEXTS -> texts.add(in.text());
                default -> in.skip();
            }
        }
        return new Attribute(name, numbers.ints(), numbers.floats(), List.copyOf(texts));
    }

    /** Numbers as they come in, one by one or packed. */
    private static final class Numbers {
        private long[] ints = new long[16];
        private float[] floats = new float[16];
        private int intCount;
        private int floatCount;

        void addInts(WireReader in) throws ModelException {
            if (in.wireType() != WireReader.LENGTH_DELIMITED) {
                add(in.longValue());
                return;
            }
            for (WireReader packed = in.message(); !packed.atEnd(); ) {
                add(packed.packedLong());
            }
        }

        void addFloats(WireReader in) throws ModelException {
            if (in.wireType() != WireReader.LENGTH_DELIMITED) {
                add(in.floatValue());
                return;
            }
            for (WireReader packed = in.message(); !packed.atEnd(); ) {
                add(packed.packedFloat());
            }
        }

        long[] ints() {
            return Arrays.copyOf(ints, intCount);
        }

        float[] floats() {
            return Arrays.copyOf(floats, floatCount);
        }

        private void add(long value) {
            if (intCount == ints.length) {
                ints = Arrays.copyOf(ints, 2 * intCount);
            }
            ints[intCount++] = value;
        }

        private void add(float value) {
            if (floatCount == floats.length) {
                floats = Arrays.copyOf(floats, 2 * floatCount);
            }
            floats[floatCount++] = value;
        }
    }
}
