/**
 * Stage 5: the cause, its evidence and the counterfactual, a pure function of the run's files ({@code 5-verdict.json}).
 */
@NullMarked
package dev.headroom.lab.verdict;

import org.jspecify.annotations.NullMarked;
