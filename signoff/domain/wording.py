"""Words that our own messages carry and our own readers look for."""

#: The line above which a reply is written. Composing puts it on top of every
#: message that asks something; reading a reply cuts there, so it never changes.
REPLY_MARKER: str = "##- Please type your reply above this line -##"
