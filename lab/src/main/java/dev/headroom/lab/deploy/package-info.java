/**
 * Stage 2: what was applied, to which cluster ({@code 2-deployment.json}).
 */
@NullMarked
package dev.headroom.lab.deploy;

import org.jspecify.annotations.NullMarked;
