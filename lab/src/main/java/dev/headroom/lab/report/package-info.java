/**
 * Stage 6: one self-contained page ({@code 6-report.html}), and the same for machines and job summaries.
 */
@NullMarked
package dev.headroom.lab.report;

import org.jspecify.annotations.NullMarked;
