/** What every part of the API server stands on: JSON trees, refusals, selectors, quantities, times. */
@NullMarked
package dev.headroom.cluster.api.base;

import org.jspecify.annotations.NullMarked;
