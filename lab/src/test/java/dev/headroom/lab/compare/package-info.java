@NullMarked
package dev.headroom.lab.compare;

import org.jspecify.annotations.NullMarked;
