package dev.headroom.lab.load.engine;

/** Connections with nothing under way, taken in the order in which they became free: so all of them get their turn. */
final class FreeList {
    private final int[] slots;
    private int first;
    private int count;

    FreeList(int most) {
        slots = new int[Math.max(1, most)];
    }

    boolean isEmpty() {
        return count == 0;
    }

    void add(int slot) {
        slots[(first + count++) % slots.length] = slot;
    }

    int take() {
        int slot = slots[first];
        first = (first + 1) % slots.length;
        count--;
        return slot;
    }

    void remove(int slot) {
        for (int i = count; i > 0; i--) {
            int taken = take();
            if (taken != slot) {
                add(taken);
            }
        }
    }
}
