"""What the rules of retention see: facts of five topics, the time and the watermark, in one order on one partition."""
