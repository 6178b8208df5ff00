/**
 * Two runs beside each other: what is different, and whether it is more than the noise within them.
 */
@NullMarked
package dev.headroom.lab.compare;

import org.jspecify.annotations.NullMarked;
