"""Notices: what sellers are told, made from the records of decisions and the policy's words."""

from .owed import is_owed
from .rendering import NoticeWriter, render_notice

__all__ = ["NoticeWriter", "is_owed", "render_notice"]
