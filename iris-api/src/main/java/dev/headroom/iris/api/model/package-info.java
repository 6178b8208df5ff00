/** Reads a decision tree from an ONNX file and evaluates it. Knows nothing of HTTP or JSON. */
@NullMarked
package dev.headroom.iris.api.model;

import org.jspecify.annotations.NullMarked;
