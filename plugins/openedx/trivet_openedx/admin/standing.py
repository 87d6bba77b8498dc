"""The page of a course: what stands against it now, and what a person decides about that."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from trivet_client.gate import Conclusion, Decision, LineDecision, Person, concerns_trainer
from trivet_openedx import clock
from trivet_openedx.admin.forms import DecisionForm, ReviewForm
from trivet_openedx.configured import configured
from trivet_openedx.deciding import standing
from trivet_openedx.models import BoundCourse, Waiver, WaiverEnd
from trivet_openedx.recording import Given, look_again, waive
from trivet_openedx.trainers import staff_of

MAY_WAIVE = "trivet_openedx.may_waive_certification"
MAY_REVIEW = "trivet_openedx.may_review_trainers"


@method_decorator(never_cache, "dispatch")
class StandingView(View):
    """Asks anew, shows every reason, and takes a waiver, the end of one, or a review."""

    model_admin: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the course, for whoever may see it."""
        self.course = get_object_or_404(BoundCourse, pk=kwargs["pk"])
        if not self.model_admin.has_view_permission(request, self.course):
            raise PermissionDenied
        self.settings, self.now = configured(), clock.now()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Show where the course stands."""
        return self._page(request, self._standing())

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        """Take what a person decided."""
        todo = {"waive": self._waive, "review": self._review, "end": self._end}
        take = todo.get(request.POST.get("do", ""))
        return take(request) if take else self.get(request)

    def _waive(self, request: HttpRequest) -> HttpResponse:
        _allow(request, MAY_WAIVE)
        form = self._waiver_form(request.POST)
        if not form.is_valid():
            return self._page(request, self._standing(), waiver_form=form)
        decision = self._standing(form.cleaned_data["expires_on"])
        if _unseen(request, decision):
            return self._show_again(request, decision, waiver_form=form)
        try:
            waive(self.course, decision.lines, self._given(request, form))
        except ValueError as error:
            messages.error(request, f"Nothing was kept: {error}.")
            return self._page(request, decision, waiver_form=form)
        return self._done(request, "The waiver is kept, and holds from now on.")

    def _review(self, request: HttpRequest) -> HttpResponse:
        _allow(request, MAY_REVIEW)
        form = self._review_form(request, request.POST)
        if not form.is_valid():
            return self._page(request, self._standing(), review_form=form)
        conclusion = Conclusion(form.cleaned_data["conclusion"])
        until = form.cleaned_data["expires_on"] if conclusion is Conclusion.REVERSED else None
        decision = self._standing(until)
        if _unseen(request, decision):
            return self._show_again(request, decision, review_form=form)
        try:
            look_again(self.course, decision.lines, conclusion, self._given(request, form))
        except ValueError as error:
            messages.error(request, f"Nothing was kept: {error}.")
            return self._page(request, decision, review_form=form)
        return self._done(request, "The review is kept.")

    def _end(self, request: HttpRequest) -> HttpResponse:
        _allow(request, MAY_WAIVE)
        waiver = get_object_or_404(Waiver, pk=request.POST.get("waiver"), course=self.course)
        if not hasattr(waiver, "end"):
            WaiverEnd.objects.create(waiver=waiver, by=str(request.user.pk), at=self.now)
        return self._done(request, "The waiver has ended.")

    def _standing(self, until: date | None = None) -> Decision:
        return standing(self.course, self.settings, self.now, until)

    def _given(self, request: HttpRequest, form: DecisionForm) -> Given:
        return Given(
            reason=form.cleaned_data["reason"],
            by=_person(request),
            at=self.now,
            expires_on=form.cleaned_data["expires_on"],
            about=staff_of(self.course, self.settings.teaching_roles),
        )

    def _show_again(self, request: HttpRequest, decision: Decision, **forms: Any) -> HttpResponse:
        messages.warning(
            request,
            "Until the last day, or since you looked, something else stands against it. "
            "It is shown now: look at it, and decide again.",
        )
        return self._page(request, decision, **forms)

    def _done(self, request: HttpRequest, words: str) -> HttpResponse:
        messages.success(request, words)
        return redirect("admin:trivet_openedx_boundcourse_standing", self.course.pk)

    def _waiver_form(self, data: Any = None) -> DecisionForm:
        return DecisionForm(data, prefix="waiver", **self._limits())

    def _review_form(self, request: HttpRequest, data: Any = None) -> ReviewForm:
        may_waive = request.user.has_perm(MAY_WAIVE)
        return ReviewForm(data, may_waive=may_waive, prefix="review", **self._limits())

    def _limits(self) -> dict[str, Any]:
        return {"today": clock.day_of(self.now), "longest": self.settings.waiver_days}

    def _page(self, request: HttpRequest, decision: Decision, **forms: Any) -> HttpResponse:
        held = [line for line in decision if not line]
        context = {
            **self.model_admin.admin_site.each_context(request),
            "title": f"Standing of {self.course}",
            "opts": self.model_admin.opts,
            "course": self.course,
            "lines": decision.lines,
            "held": held,
            "next_steps": _next_steps(held),
            "seen": signing.dumps(sorted(_seen(decision)), salt=MAY_WAIVE),
            "waivers": self._in_force(self.now),
            "may_waive": request.user.has_perm(MAY_WAIVE),
            "may_review": request.user.has_perm(MAY_REVIEW) and any(map(concerns_trainer, held)),
            "waiver_form": self._waiver_form(),
            "review_form": self._review_form(request),
        }
        return render(request, "trivet_openedx/standing.html", context | forms)

    def _in_force(self, now: datetime) -> Any:
        return Waiver.objects.filter(
            course=self.course, end=None, expires_on__gte=clock.day_of(now)
        )


def _allow(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _person(request: HttpRequest) -> Person:
    name = request.user.get_username()  # unlike a full name, it is one person's
    return Person(str(request.user.pk), name)


def _seen(decision: Decision) -> set[str]:
    """Return all that stands against a course, apart from the days: what a person has to have seen to decide."""
    return {
        "|".join((question.outcome.value, question.trainer or "", *sorted(question.codes)))
        for line in decision
        for question in line.questions
        if not question
    }


def _unseen(request: HttpRequest, decision: Decision) -> bool:
    """Tell whether something stands against a course that was not on the page on which a person decided."""
    try:
        shown = signing.loads(request.POST.get("seen", ""), salt=MAY_WAIVE)
    except signing.BadSignature:
        return True
    return bool(_seen(decision) - set(shown))


def _next_steps(held: Iterable[LineDecision]) -> list[str]:
    """Return whom to ask, where that was answered, each once."""
    questions = (question for line in held for question in line.questions)
    answers = (q.answer for q in questions if q.answer is not None)  # one that is no pass is false
    return list(dict.fromkeys(step.text for answer in answers for step in answer.next_steps))
