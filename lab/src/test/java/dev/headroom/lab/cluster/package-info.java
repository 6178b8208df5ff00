/** The embedded cluster as a program: what it leaves when it ends, however it ends. */
@NullMarked
package dev.headroom.lab.cluster;

import org.jspecify.annotations.NullMarked;
