package dev.headroom.cluster.api.kind;

/** Nodes. */
final class NodeRules implements Rules {
    @Override
    public boolean hasStatus() {
        return true;
    }
}
