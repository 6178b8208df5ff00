/** Tests. */
@NullMarked
package dev.headroom.lab.verdict;

import org.jspecify.annotations.NullMarked;
