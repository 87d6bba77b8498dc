"""What a person fills in to decide about a course."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format

from trivet_client.gate import Conclusion

CONCLUSIONS = [
    (Conclusion.UPHELD.value, "Upheld: it stays on hold"),
    (Conclusion.REVERSED.value, "Reversed: it may go ahead until the last day"),
]
"""What a second look may come to; the second for whoever may waive."""


class DecisionForm(forms.Form):
    """A reason, and until when."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        max_length=1000,
        help_text="What you saw, and why training may go ahead. It is kept.",
    )
    expires_on = forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), label="Last day"
    )

    def __init__(self, data: Any, *, today: date, longest: int, **options: Any) -> None:
        super().__init__(data, **options)
        self._today, self._last = today, today + timedelta(days=longest)
        self._written = date_format(self._last, "j F Y")
        self.fields["expires_on"].help_text = f"At the latest {self._written}."

    def clean_expires_on(self) -> date:
        """Refuse a day that is over or too far off.

        Raises:
            ValidationError: it says which days can be given.
        """
        day: date = self.cleaned_data["expires_on"]
        if not self._today <= day <= self._last:
            raise forms.ValidationError(f"Give a day from today to {self._written}.")
        return day


class ReviewForm(DecisionForm):
    """What a second look came to."""

    conclusion = forms.ChoiceField(choices=CONCLUSIONS, widget=forms.RadioSelect)
    field_order = ("conclusion", "reason", "expires_on")

    def __init__(self, data: Any, *, may_waive: bool, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["expires_on"].required = False
        conclusion = self.fields["conclusion"]
        if isinstance(conclusion, forms.ChoiceField):
            conclusion.choices = CONCLUSIONS if may_waive else CONCLUSIONS[:1]

    def clean_expires_on(self) -> date:
        """Take no day as today: what is upheld has no last day."""
        if self.cleaned_data["expires_on"] is None:
            return self._today
        return super().clean_expires_on()
