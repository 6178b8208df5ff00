/**
 * Stage 1: an experiment file, read, checked and resolved until nothing implicit is left ({@code 1-experiment.yaml}).
 */
@NullMarked
package dev.headroom.lab.experiment;

import org.jspecify.annotations.NullMarked;
