/** What a delivery pipeline does, as transcripts of a terminal, against any cluster. */
@NullMarked
package dev.headroom.cluster.battery;

import org.jspecify.annotations.NullMarked;
