/** Tests. */
@NullMarked
package dev.headroom.lab.report;

import org.jspecify.annotations.NullMarked;
