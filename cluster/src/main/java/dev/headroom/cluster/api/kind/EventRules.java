package dev.headroom.cluster.api.kind;

import java.util.Set;

/** Events. */
final class EventRules implements Rules {
    static final Set<String> SELECTABLE =
            Set.of(
                    "involvedObject.kind",
                    "involvedObject.namespace",
                    "involvedObject.name",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "involvedObject.resourceVersion",
                    "involvedObject.fieldPath",
                    "reason",
                    "reportingComponent",
                    "source",
                    "type");
}
