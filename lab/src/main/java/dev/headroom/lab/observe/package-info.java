/**
 * Stage 4: what the cluster did meanwhile, on one clock ({@code 4-observations.jsonl}).
 */
@NullMarked
package dev.headroom.lab.observe;

import org.jspecify.annotations.NullMarked;
