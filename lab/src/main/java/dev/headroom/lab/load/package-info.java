/**
 * Stage 3: the load that was offered and what came back ({@code 3-load.json}).
 */
@NullMarked
package dev.headroom.lab.load;

import org.jspecify.annotations.NullMarked;
