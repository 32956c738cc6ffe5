"""What fits into the time is chosen by one batch."""

from __future__ import annotations

from grader.student.demo.networks.digits import make_plan
from grader.student.demo.pacing import Looks, Pace


class Clock:
    """Time that stands still until somebody works."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now

    def work(self, seconds):
        self.now += seconds


def test_a_quick_batch_is_timed_again_and_a_slow_one_is_not():
    clock = Clock()
    pace, done = Pace(30.0, clock), []

    def work():
        done.append(1)
        clock.work(0.4 if len(done) == 1 else 0.1)

    assert abs(pace.time(work) - 0.1) < 1e-9
    assert abs(pace.time(lambda: clock.work(2.0)) - 2.0) < 1e-9
    assert len(done) == 2
    assert abs(pace.left_s - 27.5) < 1e-9


def test_a_part_of_the_time_is_a_share_of_what_is_left():
    clock = Clock()
    pace = Pace(30.0, clock)
    clock.work(10.0)
    assert pace.part(0.25).left_s == 5.0


def test_looking_takes_no_more_than_its_share():
    clock = Clock()
    looks = Looks(Pace(30.0, clock))
    assert looks.is_due
    looks.took(1.5)
    clock.work(9.9)
    assert not looks.is_due
    clock.work(0.2)
    assert looks.is_due


def test_the_slower_the_parts_are_the_fewer_images_are_looked_at():
    plans = [make_plan(seconds, 4 * seconds, 30.0, 1437) for seconds in (0.001, 0.1, 1.0, 60.0)]
    images = [plan.batch * plan.steps for plan in plans]
    assert images == sorted(images, reverse=True)
    assert images[0] >= 3 * 1437
    assert plans[-1].steps == 1
    for plan in plans:
        assert plan.marks[-1] == plan.steps
        assert 20 <= plan.unseen <= 360


def test_where_a_large_batch_costs_hardly_more_it_is_taken_for_fewer_steps():
    assert make_plan(0.5, 0.6, 30.0, 1437).batch == 16
