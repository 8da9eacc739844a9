"""The paper that the charts share: style, letters, head and foot, an axis of dates."""
