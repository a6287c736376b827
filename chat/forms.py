"""What people send, checked before anything is stored."""

from django import forms

LONGEST_QUESTION = 200_000  # characters
NOT_TEXT = "The text contains characters that are not valid UTF-8."


class QuestionForm(forms.Form):
    """A question for a model. `client_id` makes a double click one question."""

    text = forms.CharField(strip=False, error_messages={"required": "Write a question first."})
    client_id = forms.UUIDField(error_messages={"required": "The form is incomplete; reload the page."})
    deployment = forms.UUIDField(required=False)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if not text:
            raise forms.ValidationError("Write a question first.")
        if len(text) > LONGEST_QUESTION:
            raise forms.ValidationError(
                f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} can be sent."
            )
        if "\ufffd" in text or any(0xD800 <= ord(character) <= 0xDFFF for character in text):
            raise forms.ValidationError(NOT_TEXT)
        return text


class AgainForm(forms.Form):
    """Another answer to the same question."""

    client_id = forms.UUIDField()
    deployment = forms.UUIDField(required=False)


class TitleForm(forms.Form):
    """A conversation's title."""

    title = forms.CharField(max_length=200, error_messages={"required": "A title needs at least one character."})


def first_error(form: forms.Form) -> str:
    """Return the first complaint as a sentence."""
    return next(str(error) for errors in form.errors.values() for error in errors)
