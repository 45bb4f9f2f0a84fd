"""Stories of people who were helped, told in public: only with their consent, and so that nobody is recognised by name."""
