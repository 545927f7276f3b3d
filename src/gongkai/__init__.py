"""Software for Chinese open government information (政府信息公开) work."""

__version__ = "0.1.0"
