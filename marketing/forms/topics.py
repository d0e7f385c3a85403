"""The form of a topic."""

from django import forms

from ..models import Topic


class TopicForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = ("name", "order", "is_active")
