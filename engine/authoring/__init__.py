"""What a policy's author works with: starter packs and tests."""
