/**
 * The decision procedure of autoscaling/v2 as pure functions: what the HorizontalPodAutoscaler controller of Kubernetes 1.37 decides, given
 * what it saw. No I/O, no clock, no threads. Section numbers in comments are those of the procedure's written specification.
 *
 * <p>Amounts are in milli-units (1 core = 1000, 1 byte = 1000). Times are microseconds on any one axis; {@link Settings#ZERO_TIME} is the time
 * that was never set.
 */
@NullMarked
package dev.headroom.autoscaler;

import org.jspecify.annotations.NullMarked;
