/** Tests of a load that pods send. */
@NullMarked
package dev.headroom.lab.load.cluster;

import org.jspecify.annotations.NullMarked;
