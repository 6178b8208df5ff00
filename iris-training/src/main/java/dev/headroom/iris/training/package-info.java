/**
 * Trains a decision tree on Fisher's iris data with Tribuo and writes it as ONNX, the same bytes each time. Runs at build
 * time only; the server knows nothing of it but the file.
 */
@NullMarked
package dev.headroom.iris.training;

import org.jspecify.annotations.NullMarked;
