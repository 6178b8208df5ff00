package dev.headroom.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a simulated process that takes all it is let: whatever it does, it gets its limit and no more. */
class CpuBudgetTest {
    private static final long PERIOD = 100_000_000;

    private long now = 7;
    private long used;

    /** Lets it run on so many CPUs whenever it may, looked at when the budget asks for it and a little later. */
    private void run(CpuBudget budget, double cpus, long until, long late) {
        while (now < until) {
            boolean stopped = budget.observe(now, used);
            long next = Math.min(until, budget.nextLook(now) + late);
            assertThat(next).as("the next look is in the future").isGreaterThan(now);
            if (!stopped) {
                used += Math.round((next - now) * cpus);
            }
            now = next;
        }
        budget.observe(now, used);
    }

    @ParameterizedTest
    @CsvSource({
        "0.05, 1, 0",
        "0.2, 1, 0",
        "0.2, 2, 0",
        "0.5, 1, 0",
        "1.5, 2, 0",
        "0.1, 8, 0",
        "0.2, 2, 3000000",
        "0.05, 2, 12000000"
    })
    void whoTakesAllGetsItsLimit(double limit, double threads, long late) {
        CpuBudget budget = new CpuBudget(limit, 8, now);
        run(budget, threads, now + 200 * PERIOD, late);
        assertThat(used / (200.0 * PERIOD)).isCloseTo(limit, within(limit * 0.02 + 0.002));
        assertThat(budget.periods()).isBetween(195L, 201L);
        assertThat(budget.throttled()).isBetween(195L, 201L);
    }

    @Test
    void throttledTimeAndUseMakeUpTheWhole() {
        CpuBudget budget = new CpuBudget(0.3, 2, now);
        long begun = now;
        run(budget, 1, begun + 50 * PERIOD, 0);
        assertThat(used + budget.throttledNanos(now)).isEqualTo(now - begun);
    }

    @Test
    void whoStaysBelowIsNeverStopped() {
        CpuBudget budget = new CpuBudget(0.5, 2, now);
        run(budget, 0.4, now + 100 * PERIOD, 0);
        assertThat(budget.throttled()).isZero();
        assertThat(budget.throttledNanos(now)).isZero();
        assertThat(budget.periods()).isBetween(99L, 100L);
    }

    @Test
    void whoRestsHasNoPeriodsAndSavesNothingUp() {
        CpuBudget budget = new CpuBudget(0.2, 2, now);
        run(budget, 0, now + 100 * PERIOD, 0);
        assertThat(budget.periods()).isZero();
        long before = used;
        run(budget, 1, now + 10 * PERIOD, 0);
        assertThat((used - before) / (10.0 * PERIOD)).isCloseTo(0.2, within(0.03));
    }

    @Test
    void whatWasTakenTooMuchIsTakenOff() {
        CpuBudget budget = new CpuBudget(0.1, 2, now);
        used += PERIOD;
        assertThat(budget.observe(now + PERIOD / 2, used)).isTrue();
        int stoppedPeriods = 0;
        for (int period = 1; period <= 20; period++) {
            stoppedPeriods += budget.observe(now + period * PERIOD + 1, used) ? 1 : 0;
        }
        assertThat(stoppedPeriods).as("ten periods' worth was taken in one").isEqualTo(9);
    }
}
